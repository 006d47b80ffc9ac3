internal import DICOMCore
internal import Foundation
internal import PipelineDefinitions
package import SigLIP

/// The checkpoint of a command: the one asked for, or the demo encoder.
package struct ModelSetup: Sendable {
  package let model: SigLIPModel
  /// The demo encoder knows phantoms only; every command that uses it says so.
  package let usesDemoEncoder: Bool

  /// - Parameter model: A folder in Hugging Face layout; `nil` for the demo encoder.
  package init(model directory: String?) throws {
    try self.init(model: directory, data: directory == nil ? ShippedData() : try? ShippedData())
  }

  init(model directory: String?, data: ShippedData?) throws {
    let path = try directory ?? (data ?? ShippedData()).demoEncoder
    do {
      model = try SigLIPModel(directory: path)
    } catch {
      throw BatchError.configuration("model: \(error)")
    }
    usesDemoEncoder = data.map { Self.isSameFolder(path, $0.demoEncoder) } ?? false
  }

  private static func isSameFolder(_ lhs: String, _ rhs: String) -> Bool {
    URL(filePath: lhs).resolvingSymlinksInPath().path == URL(filePath: rhs).resolvingSymlinksInPath().path
  }

  /// The summary as one JSON object.
  package func json() throws -> String { try JSONOutput.text(model.summary) }
}
