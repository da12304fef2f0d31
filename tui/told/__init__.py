"""What was told to the person, kept so that nothing that was told in passing is lost."""
