"""What a class has earned, in the files that other systems take: one module a target."""
