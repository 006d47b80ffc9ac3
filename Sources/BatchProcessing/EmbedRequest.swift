package import DICOMFiles
internal import Foundation
internal import PixelTransforms
package import SigLIP
internal import Tensors

/// What `bucky embed` was asked for, checked.
package struct EmbedRequest: Sendable {
  let images: InputPaths
  let prompts: [String]
  /// A file with `pixel_values` or `input_ids`.
  let tensors: SafetensorsFile?
  let output: String
  let windowName: String
  let pixels: PixelPipeline
  let model: SigLIPModel
  let embeddings: EmbeddingCache?
  let threads: Int
  let decoder: FileDecoder

  /// - Parameters:
  ///   - texts: A file with one prompt a line, `-` for standard input; empty lines are left out.
  ///   - tensors: A safetensors file.
  /// - Throws: ``BatchError`` for a file that is missing or does not hold what it must.
  package init(
    images: InputPaths, texts: String?, tensors: String?, output: String, window: String, model: SigLIPModel,
    embeddings: EmbeddingCache? = nil, threads: Int, decoder: FileDecoder
  ) throws {
    self.images = images
    self.prompts = try texts.map(Self.prompts) ?? []
    self.tensors = try tensors.map { try Self.tensorFile($0, model: model) }
    self.output = URL(filePath: output).standardizedFileURL.path
    self.windowName = window
    self.pixels = PixelPipeline(window: try WindowChoice(named: window), size: model.imageSize)
    self.model = model
    self.embeddings = embeddings
    self.threads = threads
    self.decoder = decoder
  }

  /// Bytes of a file of prompts.
  private static let largestPromptFile = 16 << 20
  /// Bytes of a prompt; the text tower sees the first 64 pieces of it.
  private static let longestPrompt = 1 << 16

  private static func prompts(_ path: String) throws -> [String] {
    // Read as a stream, so that a pipe such as /dev/fd/63 will do.
    guard let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path) else {
      throw BatchError.inputMissing(path: path)
    }
    let data = try handle.read(upToCount: largestPromptFile + 1) ?? Data()
    guard data.count <= largestPromptFile else {
      throw BatchError.configuration("\(path): expected at most \(largestPromptFile) bytes of prompts")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw BatchError.configuration("\(path): expected UTF-8 text, one prompt a line")
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if let line = lines.firstIndex(where: { $0.utf8.count > longestPrompt }) {
      throw BatchError.configuration("\(path):\(line + 1): expected a prompt of at most \(longestPrompt) bytes")
    }
    let prompts = lines.filter { !$0.isEmpty }.map(String.init)
    guard !prompts.isEmpty else { throw BatchError.configuration("\(path): expected at least one prompt") }
    return prompts
  }

  /// Opens the file and checks the shapes against the model, before anything is computed.
  private static func tensorFile(_ path: String, model: SigLIPModel) throws -> SafetensorsFile {
    guard FileManager.default.fileExists(atPath: path) else { throw BatchError.inputMissing(path: path) }
    let file: SafetensorsFile
    do {
      file = try SafetensorsFile(path: path)
    } catch {
      throw BatchError.configuration("\(error)")
    }
    let (size, length) = (model.imageSize, model.tokenizer.length)
    if let pixels = file["pixel_values"] {
      guard Array(pixels.shape.dropFirst()) == [3, size, size], pixels.type == .float32 else {
        throw BatchError.configuration("\(path): pixel_values must be F32 of shape [N, 3, \(size), \(size)]")
      }
    } else if let tokens = file["input_ids"] {
      guard Array(tokens.shape.dropFirst()) == [length], tokens.type == .int64 else {
        throw BatchError.configuration("\(path): input_ids must be I64 of shape [M, \(length)]")
      }
    } else {
      throw BatchError.configuration("\(path): expected a tensor pixel_values or input_ids")
    }
    return file
  }
}
