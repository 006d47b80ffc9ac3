package import CacheStorage
internal import DICOMCore
internal import Foundation
internal import PipelineDefinitions
package import SigLIP

/// The checkpoint of a command: the one asked for, or the demo encoder.
package struct ModelSetup: Sendable {
  package let model: SigLIPModel
  /// Embeddings of earlier runs; `nil` without a cache.
  package let embeddings: EmbeddingCache?
  /// The demo encoder knows phantoms only; every command that uses it says so.
  package let usesDemoEncoder: Bool

  /// - Parameters:
  ///   - model: A folder in Hugging Face layout; `nil` for the demo encoder.
  ///   - cache: `nil` to compute everything, and keep nothing.
  package init(model directory: String?, cache: CacheFolder? = nil) throws {
    try self.init(model: directory, cache: cache, data: directory == nil ? ShippedData() : try? ShippedData())
  }

  init(model directory: String?, cache: CacheFolder?, data: ShippedData?) throws {
    let path = try directory ?? (data ?? ShippedData()).demoEncoder
    do {
      model = try SigLIPModel(directory: path)
    } catch {
      throw BatchError.configuration("model: \(error)")
    }
    let model = model
    embeddings = cache.map { EmbeddingCache($0, model: model) }
    usesDemoEncoder = data.map { Self.isSameFolder(path, $0.demoEncoder) } ?? false
  }

  private static func isSameFolder(_ lhs: String, _ rhs: String) -> Bool {
    URL(filePath: lhs).resolvingSymlinksInPath().path == URL(filePath: rhs).resolvingSymlinksInPath().path
  }

  /// The summary as one JSON object.
  package func json() throws -> String { try JSONOutput.text(model.summary) }
}
