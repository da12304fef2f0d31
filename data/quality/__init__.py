"""What may be wrong in a dataset: checks that flag rows with a reason, and mend what can be mended safely."""
