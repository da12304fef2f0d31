"""Jobs: processes that burnish starts and that outlive it, and the files by which it knows them."""
