fledge train --name first --dataset shapes --epochs 4 \
  --model 'conv(16), batch-norm, relu, max-pool, conv(32), batch-norm, relu, max-pool, flatten, dense(10)'

fledge list optimizer
fledge describe sgd

fledge train --name second --dataset shapes --epochs 4 \
  --augment horizontal-flip --optimizer 'sgd(0.05, momentum: 0.9)' --scheduler 'cosine(warmup: 0.1)' \
  --model 'conv(16), batch-norm, relu, max-pool, conv(32), batch-norm, relu, max-pool, flatten, dropout(0.2), dense(10)'

fledge train --name recipe --recipe shapes.yaml
fledge train --name adamw --recipe shapes.yaml --optimizer 'adamw(0.002)'
