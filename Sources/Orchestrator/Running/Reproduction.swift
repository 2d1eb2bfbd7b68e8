import Experiments
import Tensors

/// Whether a run that was trained again came out the same.
public struct Reproduction: Sendable, Hashable, Codable {
  public let run: String
  /// The step of the run's last checkpoint, up to which it was trained again.
  public let step: Int
  /// How many logged figures were compared.
  public let figures: Int
  /// How many tensors of the checkpoint were compared: parameters, statistics and the optimizer's state.
  public let tensors: Int
  /// The first; nil if all have the same bits.
  public let difference: Difference?

  public struct Difference: Sendable, Hashable, Codable {
    public enum Place: Sendable, Hashable, Codable {
      /// `train.loss`.
      case figure(String)
      /// `0.weight`, and which of its elements.
      case tensor(String, element: Int)
    }

    public let step: Int
    public let place: Place
    /// What the store has; nil if it has nothing there.
    public let stored: Double?
    /// What came out this time; nil if nothing did.
    public let found: Double?

    public init(step: Int, place: Place, stored: Double?, found: Double?) {
      self.step = step
      self.place = place
      self.stored = stored
      self.found = found
    }
  }
}

extension Reproduction {
  /// Compares figures by step, then the checkpoints' tensors.
  init(
    of run: String, stored: (points: [MetricPoint], checkpoint: Checkpoint),
    found: (points: [MetricPoint], checkpoint: Checkpoint)
  ) {
    let values = Dictionary(found.points.map { (MetricPlace($0), $0.value) }) { first, _ in first }
    let points = stored.points.sorted { ($0.step, $0.name) < ($1.step, $1.name) }
    let figure = points.lazy.compactMap { point -> Difference? in
      let value = values[MetricPlace(point)]
      if let value, hasSameBits(value, point.value) { return nil }
      return Difference(step: point.step, place: .figure(point.name), stored: point.value, found: value)
    }.first
    let tensors = Dictionary(found.checkpoint.tensors.map { ($0.name, $0) }) { first, _ in first }
    let tensor = stored.checkpoint.tensors.lazy.compactMap { tensor in
      tensor.difference(from: tensors[tensor.name], step: stored.checkpoint.step)
    }.first
    self.init(
      run: run, step: stored.checkpoint.step, figures: points.count, tensors: stored.checkpoint.tensors.count,
      difference: figure ?? tensor)
  }
}

private struct MetricPlace: Hashable {
  let name: String
  let step: Int

  init(_ point: MetricPoint) { (name, step) = (point.name, point.step) }
}

/// The store keeps no bits of what is not a number.
private func hasSameBits(_ a: Double, _ b: Double) -> Bool { a.bitPattern == b.bitPattern || a.isNaN && b.isNaN }

extension StoredTensor {
  /// The first element that has other bits in `other`; nil if there is none.
  fileprivate func difference(from other: StoredTensor?, step: Int) -> Reproduction.Difference? {
    if let other, other.shape == shape, other.elementType == elementType, other.bytes == bytes { return nil }
    let pairs = zip(bytes, other?.bytes ?? []).enumerated()
    let element = (pairs.first { $1.0 != $1.1 }?.offset ?? 0) / max(1, elementSize)
    return Reproduction.Difference(
      step: step, place: .tensor(name, element: element), stored: number(element), found: other?.number(element))
  }

  private func number(_ element: Int) -> Double? {
    let numbers = tensor?.doubles ?? []
    return numbers.indices.contains(element) ? numbers[element] : nil
  }
}
