"""The signed plan on the desktop: checked, kept in the practice's file, and shown."""
