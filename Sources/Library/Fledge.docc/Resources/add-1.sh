fledge plugin new Squareplus --kind activation
