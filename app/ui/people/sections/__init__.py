"""The parts of a record's form, one idea a file. Each saves itself when a field is left."""
