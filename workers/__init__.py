"""What every process that looks for work by itself does alike. Django, and no rows."""
