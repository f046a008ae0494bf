"""Other programs that do the same job, measured in the same run; never a dependency of ours."""
