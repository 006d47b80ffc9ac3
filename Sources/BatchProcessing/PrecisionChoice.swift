internal import CacheStorage
internal import SigLIP
package import Tensors

/// The precision a command is asked for.
package enum PrecisionChoice: Sendable, Equatable {
  case precision(Precision)
  /// The fastest that this processor gains from and that has passed the comparison with 32-bit floats.
  case fastestVerified
}

extension PrecisionChoice {
  /// The precision to load, by the verdicts there are.
  ///
  /// 8-bit integers need a verdict: what they lose depends on the weights. bfloat16 is refused only where it has failed: it
  /// has the range of 32-bit floats, so no weights can overflow it, and what it rounds off is the same share everywhere.
  ///
  /// - Throws: ``BatchError/precisionRefused(_:)``.
  func resolved(for identity: ModelIdentity, cache: CacheFolder?) throws(BatchError) -> Precision {
    let verdicts = cache.map(PrecisionVerdicts.init)
    switch self {
    case .fastestVerified:
      return KernelPath.current.precisionsBySpeed.first { precision in
        precision == .fp32 || verdicts?.verdict(of: identity, precision)?.passed == true
      } ?? .fp32
    case .precision(let precision):
      guard precision != .fp32 else { return precision }
      let verdict = verdicts?.verdict(of: identity, precision)
      if let verdict, !verdict.passed {
        throw .precisionRefused(
          "\(precision.rawValue) has failed for this model on this processor (\(verdict.date)): \(verdict.figures)")
      }
      guard verdict != nil || precision == .bf16 else {
        throw .precisionRefused(
          "int8 has not been compared with fp32 for this model on this processor; run `bucky model verify --precision int8 "
            + "--images …` on images like yours" + (cache == nil ? ", with a cache to keep the verdict" : ""))
      }
      return precision
    }
  }
}

extension KernelPath {
  /// The precisions that are worth their loss here, the fastest first: without instructions of its own a narrow format is
  /// widened before it is multiplied, and gains memory only.
  var precisionsBySpeed: [Precision] {
    switch self {
    case .avx512bf16: [.int8, .bf16, .fp32]
    case .avx512vnni, .avx512, .avx2: [.int8, .fp32]
    case .portable: [.fp32]
    }
  }
}
