internal import DICOMCore
package import DICOMFiles

/// Chest phantoms of consecutive seeds in one variant of storage.
package struct PhantomSet: Sendable {
  /// One phantom, ready to be written.
  package struct Phantom: Sendable {
    package let image: EncodedImage
    package let truth: GroundTruth
    package let form: StoredForm
    package let identity: PhantomIdentity
    /// The name of its file inside the set's directory.
    package let fileName: String
  }

  package let count: Int
  package let firstSeed: UInt64
  package let variant: FormVariant

  package init(count: Int, firstSeed: UInt64, variant: FormVariant) {
    self.count = count
    self.firstSeed = firstSeed
    self.variant = variant
  }

  /// Draws one phantom, counted from 0; the same index gives the same bytes in every set with the same first seed and variant.
  package func phantom(_ index: Int) -> Phantom {
    let parameters = ChestParameters.random(seed: firstSeed &+ UInt64(index))
    let form = StoredForm.of(variant, index: index)
    let identity = PhantomIdentity(
      number: index + 1, sex: parameters.anatomy.breastThickness > 0 ? "F" : "M",
      namespace: "\(variant.rawValue)-\(firstSeed)")
    let image = RadiographStudy.chest(ChestRadiograph(parameters), form: form, identity: identity)
    let number = String(index + 1)
    return Phantom(
      image: image, truth: GroundTruth(parameters), form: form, identity: identity,
      fileName: "phantom-" + String(repeating: "0", count: max(0, 6 - number.count)) + number + ".dcm")
  }

  /// Columns of ``row(of:)``.
  package static let columns = ["file", "study_instance_uid"] + StoredForm.columns + GroundTruth.columns

  /// The line of a phantom in the ground-truth table.
  package static func row(of phantom: Phantom) -> [String] {
    [phantom.fileName, phantom.identity.studyInstanceUID.value] + phantom.form.fields + phantom.truth.fields
  }

  /// Draws and writes all phantoms on all cores.
  ///
  /// - Parameter directory: Exists.
  /// - Returns: The ground-truth table, header first, in the order of the seeds.
  /// - Throws: `DICOMFileError`, when a file cannot be written.
  package func write(to directory: String) async throws -> [[String]] {
    try await withThrowingTaskGroup(of: (Int, [String]).self) { group in
      for index in 0..<count {
        group.addTask {
          let phantom = phantom(index)
          try phantom.image.write(to: directory + "/" + phantom.fileName)
          return (index, Self.row(of: phantom))
        }
      }
      var rows: [[String]] = Array(repeating: [], count: count)
      for try await (index, row) in group { rows[index] = row }
      return [Self.columns] + rows
    }
  }
}

extension EncodedImage {
  /// Writes a Part 10 file.
  package func write(to path: String) throws(DICOMFileError) {
    try DICOMFileWriter.write(dataSet, transferSyntax: transferSyntax, frames: [frame], jpegQuality: 92, to: path)
  }
}

extension StoredForm {
  /// Columns of ``fields``.
  package static let columns = [
    "modality", "photometric_interpretation", "bits_stored", "transfer_syntax_uid", "modality_transform",
    "voi_transform",
  ]

  package var fields: [String] {
    [
      modality.rawValue, isMonochrome1 ? "MONOCHROME1" : "MONOCHROME2", String(bitsStored), transferSyntax.value,
      modalityTransform.name, voi.rawValue,
    ]
  }
}

extension StoredForm.ModalityTransform {
  fileprivate var name: String {
    switch self {
    case .identity: "identity"
    case .rescale: "rescale"
    case .lut: "lut"
    }
  }
}
