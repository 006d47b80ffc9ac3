internal import CacheStorage
internal import DICOMCore
internal import Foundation
internal import PipelineDefinitions
package import SigLIP
internal import Tensors

/// The checkpoint of a command: the one asked for, or the demo encoder.
package struct ModelSetup: Sendable {
  package let model: SigLIPModel
  /// Embeddings of earlier runs; `nil` without a cache.
  package let embeddings: EmbeddingCache?
  /// The demo encoder knows phantoms only; every command that uses it says so.
  package let usesDemoEncoder: Bool

  /// - Parameters:
  ///   - model: A folder in Hugging Face layout; `nil` for the demo encoder.
  ///   - loading: The precision, and where things are kept.
  /// - Throws: ``BatchError/precisionRefused(_:)`` for a precision that results may not have, and
  ///   ``BatchError/configuration(_:)``.
  package init(model directory: String?, loading: ModelLoading = ModelLoading()) throws {
    try self.init(model: directory, loading: loading, data: directory == nil ? ShippedData() : try? ShippedData())
  }

  init(model directory: String?, loading: ModelLoading, data: ShippedData?) throws {
    let path = try directory ?? (data ?? ShippedData()).demoEncoder
    do {
      let precision = try Self.precision(loading, path)
      model = try SigLIPModel(
        directory: path, precision: precision, path: loading.kernelPath, cache: loading.cache,
        rereading: loading.rereading)
    } catch let error as BatchError {
      throw error
    } catch {
      throw BatchError.configuration("model: \(error)")
    }
    let model = model
    embeddings = loading.cache.map { EmbeddingCache($0, model: model) }
    usesDemoEncoder = data.map { Self.isSameFolder(path, $0.demoEncoder) } ?? false
  }

  private static func precision(_ loading: ModelLoading, _ path: String) throws -> Precision {
    if case .precision(let precision) = loading.precision, precision == .fp32 || !loading.isForResults {
      return precision
    }
    let identity = try ModelIdentity(of: path, cache: loading.cache)
    return try loading.precision.resolved(for: identity, cache: loading.cache)
  }

  private static func isSameFolder(_ lhs: String, _ rhs: String) -> Bool {
    URL(filePath: lhs).resolvingSymlinksInPath().path == URL(filePath: rhs).resolvingSymlinksInPath().path
  }

  /// The summary as one JSON object.
  package func json() throws -> String { try JSONOutput.text(model.summary) }
}
