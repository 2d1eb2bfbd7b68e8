fledge plugin new Squareplus --kind activation

swift build -c release --product fledge
fledge check activation squareplus

fledge train --dataset shapes --epochs 4 \
  --model 'conv(16), batch-norm, squareplus, max-pool, conv(32), batch-norm, squareplus(1), max-pool, flatten, dense(10)'
