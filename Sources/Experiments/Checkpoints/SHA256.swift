import COpenSSL
import Foundation

/// SHA-256 (FIPS 180-4) as the system's libcrypto computes it, with the processor's own instructions where it has them.
enum SHA256 {
  private static let byteCount = 32

  /// The library refused, as a build of it without SHA-256 would.
  struct Failure: Error {}

  static func digest(of bytes: some ContiguousBytes) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: byteCount) { digest, initialized in
      let status = bytes.withUnsafeBytes {
        EVP_Digest($0.baseAddress, $0.count, digest.baseAddress, nil, EVP_sha256(), nil)
      }
      guard status == 1 else { throw Failure() }
      initialized = byteCount
    }
  }
}
