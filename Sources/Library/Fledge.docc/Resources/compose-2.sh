fledge train --name first --dataset shapes --epochs 4 \
  --model 'conv(16), batch-norm, relu, max-pool, conv(32), batch-norm, relu, max-pool, flatten, dense(10)'

fledge list optimizer
fledge describe sgd
