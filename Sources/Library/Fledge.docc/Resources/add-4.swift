import Fledge
import Squareplus

let store = try ExperimentStore(path: "fledge.sqlite", access: .readWrite)
var recipe = Recipe()
recipe.dataset = "shapes"
recipe.model = "conv(16), batch-norm, squareplus, max-pool, conv(32), squareplus(1), max-pool, flatten, dense(10)"
let outcome = try Orchestrator(adding: [SquareplusPlugin.self]).train(recipe, in: store)
print(outcome.status)
