import Fledge

let store = try ExperimentStore(path: "fledge.sqlite", access: .readOnly)
for run in try store.runs(RunQuery(where: "optimizer = adam and validation.accuracy > 0.2")) {
  for point in try store.metrics(ofRun: run.id, name: "validation.accuracy") {
    print(run.id, point.epoch, point.value)
  }
}
