/// Images with their channels in blocks: `[batch, channels / block, height, width, block]`, so that a vector holds the
/// channels of one pixel (oneDNN's nChw16c). Convolutions and pools take either form; the rank says which.
extension Shape {
  /// The same images as `[batch, channels, height, width]`.
  package var withoutChannelBlocks: Shape { rank == 5 ? [self[0], self[1] * self[4], self[2], self[3]] : self }

  /// Channels a block; nil for images without blocks.
  package var channelBlock: Int? { rank == 5 ? self[4] : nil }

  /// Plain images with their channels in blocks; nil if those are not whole.
  package func blockingChannels(by block: Int?) -> Shape? {
    guard let block else { return self }
    guard rank == 4, block > 0, self[1] % block == 0 else { return nil }
    return [self[0], self[1] / block, self[2], self[3], block]
  }
}
