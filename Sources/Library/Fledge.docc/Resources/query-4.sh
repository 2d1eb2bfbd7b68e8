for optimizer in adam 'adam(0.01)' 'sgd(0.05, momentum: 0.9)'; do
  fledge train --dataset shapes --epochs 4 --optimizer "$optimizer" \
    --model 'conv(16), batch-norm, relu, max-pool, conv(32), batch-norm, relu, max-pool, flatten, dense(10)'
done

fledge runs --sort -validation.accuracy --columns id,optimizer,optimizer.rate,validation.accuracy
fledge runs --where 'optimizer = adam and validation.accuracy > 0.2'

fledge show last
fledge metrics last --name train.loss --plot

fledge resume last --set epochs=6
fledge evaluate last
fledge reproduce last
