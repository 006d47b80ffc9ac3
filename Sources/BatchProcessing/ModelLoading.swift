package import CacheStorage
package import Tensors

/// How a checkpoint is to be loaded.
package struct ModelLoading: Sendable {
  let precision: PrecisionChoice
  /// Whether a precision needs the verdict that results ask for.
  let isForResults: Bool
  let cache: CacheFolder?
  let rereading: Bool
  /// The instructions to compute with.
  let kernelPath: KernelPath

  /// For results.
  ///
  /// - Parameter cache: Keeps packed layers, digests, embeddings and verdicts; `nil` to read, pack and compute everything.
  package init(precision: PrecisionChoice = .precision(.fp32), cache: CacheFolder? = nil) {
    self.precision = precision
    self.cache = cache
    isForResults = true
    rereading = false
    kernelPath = .current
  }

  /// To prepare, compare or time a precision, whether it may be used for results or not.
  ///
  /// - Parameters:
  ///   - rereading: Whether every file is read and compared with the digests that are remembered.
  ///   - kernelPath: The instructions to compute with, which the processor must have.
  package init(
    unverified precision: Precision, cache: CacheFolder?, rereading: Bool = false, kernelPath: KernelPath = .current
  ) {
    self.kernelPath = kernelPath
    self.precision = .precision(precision)
    self.cache = cache
    self.rereading = rereading
    isForResults = false
  }
}
