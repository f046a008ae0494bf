"""A fictional practice, made by living through its years: the same seed gives the same one."""
