import Augmentations
import Datasets
import Initializers
import Observers
import Preprocessors
import Registry
import Schedulers
import Tensors

extension ConformanceSuite {
  /// The checks of parts that work on the host; kinds without laws of their own are checked by their declaration alone.
  func hostChecks(_ entry: Registry.Entry, _ part: any Component) -> [CheckResult] {
    switch part {
    case is any Initializer: initializerChecks(entry)
    case is any Scheduler: schedulerChecks(entry)
    case is any Augmentation: augmentationChecks(entry)
    case is any Preprocessor: preprocessorChecks(entry)
    case is any Dataset: datasetChecks(entry)
    case is any Observer: observerChecks(entry)
    default: []
    }
  }
}
