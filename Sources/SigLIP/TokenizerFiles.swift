internal import Foundation
internal import Tensors

/// The tokenizer's files of a checkpoint: `spiece.model`, and `tokenizer_config.json` where there is one.
struct TokenizerFiles {
  static let modelName = "spiece.model"
  static let configurationName = "tokenizer_config.json"

  let modelFile: MappedFile
  let tokenizer: PromptTokenizer

  /// - Throws: ``CheckpointError`` when the model is missing or malformed, has more pieces than the text tower has
  ///   tokens, or the configuration asks for something other than the tokenizer of SigLIP.
  init(directory: String, text: TextConfiguration) throws(CheckpointError) {
    let path = directory + "/" + Self.modelName
    guard FileManager.default.fileExists(atPath: path) else {
      throw .missingFile(directory: directory, names: [Self.modelName])
    }
    self.modelFile = try MappedFile.opened(path)

    var length = text.maximumTokenCount
    var isLowercasing = true
    let configuration = directory + "/" + Self.configurationName
    if FileManager.default.fileExists(atPath: configuration) {
      let file = try SettingsFile(path: configuration)
      isLowercasing = try file.boolean("do_lower_case", default: true)
      // Hugging Face writes 1e30 where no limit is known.
      if let limit = file["model_max_length"]?.integer, limit > 0 { length = min(length, limit) }
      try Self.checkSpecialTokens(file)
    }

    self.tokenizer = try PromptTokenizer(modelFile, length: length, isLowercasing: isLowercasing)
    guard tokenizer.pieceCount <= text.vocabularySize else {
      throw .vocabulary(file: path, pieceCount: tokenizer.pieceCount, vocabularySize: text.vocabularySize)
    }
  }

  /// SigLIP pads with `</s>` and knows no further special tokens; anything else would silently change identifiers.
  private static func checkSpecialTokens(_ file: SettingsFile) throws(CheckpointError) {
    for (name, expected) in [("eos_token", "</s>"), ("pad_token", "</s>"), ("unk_token", "<unk>")] {
      guard let value = file[name] else { continue }
      guard let text = value.text ?? value["content"]?.text, text == expected else {
        throw file.failure(name, expected: expected, found: (value.text ?? value["content"]?.text) ?? value.kind)
      }
    }
    guard file["additional_special_tokens"]?.elements?.isEmpty ?? true else {
      throw file.failure("additional_special_tokens", expected: "none", found: "some")
    }
  }
}
