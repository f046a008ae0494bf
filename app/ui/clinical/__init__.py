"""The clinical record on screen: the note editor, the diagnoses, the record's Clinical tab."""
