"""What a class has earned: attempts that are only ever added to, and what is made of them."""
