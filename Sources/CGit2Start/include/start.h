// Nothing here is called by keyscan; see start.c.
