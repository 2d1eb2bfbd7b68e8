fledge plugin new Squareplus --kind activation

swift build -c release --product fledge
fledge check activation squareplus
