"""Every line that can be typed: for each its golden path and the likeliest mistakes, a module for a noun or two."""
