package import DICOMCore

/// How a radiograph is stored: its IOD, its samples, how a viewer gets from stored to display values, its compression.
///
/// Whatever the form, the display is the same picture but for the precision of the samples.
package struct StoredForm: Sendable, Equatable {
  /// The IOD.
  package enum Modality: String, Sendable { case cr = "CR", dx = "DX" }

  /// From stored values to modality values (PS3.3 C.11.1).
  package enum ModalityTransform: Sendable, Equatable {
    case identity
    case rescale(slope: Double, intercept: Double)
    /// A Modality LUT Sequence: the samples are companded, as some readers of imaging plates stored them.
    case lut
  }

  /// From modality values to display values (PS3.3 C.11.2).
  package enum VOITransform: String, Sendable { case linear, linearExact, sigmoid, lut }

  package var modality = Modality.dx
  package var isMonochrome1 = false
  /// 8 to 16.
  package var bitsStored = 12
  package var modalityTransform = ModalityTransform.identity
  package var voi = VOITransform.linear
  package var transferSyntax = UID.explicitVRLittleEndian

  package init() {}

  /// Only forms that PS3.3 allows: DX images have no modality transform but the identity (C.8.11.3), JPEG Baseline 8 bits.
  var isAllowed: Bool {
    (modality == .cr || modalityTransform == .identity) && (8...16).contains(bitsStored)
      && (transferSyntax != .jpegBaseline8Bit || bitsStored == 8)
  }
}

/// A family of forms, for tests and evaluations that compare them.
package enum FormVariant: String, Sendable, CaseIterable {
  /// 12 bits, MONOCHROME2, native, a linear window.
  case plain
  /// MONOCHROME1, as many CR readers write it.
  case monochrome1
  /// RLE, JPEG Lossless, JPEG-LS and 8-bit JPEG Baseline in turn.
  case compressed
  /// VOI LUT Sequence, SIGMOID, LINEAR_EXACT, rescale and Modality LUT Sequence in turn.
  case lut
  /// Everything the others do, in combination.
  case mixed
}

extension StoredForm {
  /// The form that phantom number `index` has in `variant`.
  package static func of(_ variant: FormVariant, index: Int) -> StoredForm {
    switch variant {
    case .plain: return StoredForm()
    case .monochrome1:
      var form = StoredForm()
      form.isMonochrome1 = true
      form.modality = index % 2 == 0 ? .cr : .dx
      form.bitsStored = [10, 12, 14][index % 3]
      return form
    case .compressed: return compressed(index)
    case .lut: return withTables(index)
    case .mixed:
      var form = index % 3 == 0 ? compressed(index / 3) : withTables(index / 3)
      form.isMonochrome1 = index % 2 == 1
      if form.transferSyntax == .explicitVRLittleEndian {
        form.transferSyntax =
          [UID.implicitVRLittleEndian, .jpegLSLossless, .deflatedExplicitVRLittleEndian][index / 3 % 3]
      }
      return form
    }
  }

  private static func compressed(_ index: Int) -> StoredForm {
    var form = StoredForm()
    form.transferSyntax = [UID.rleLossless, .jpegLosslessSV1, .jpegLSLossless, .jpegBaseline8Bit][index % 4]
    form.bitsStored = form.transferSyntax == .jpegBaseline8Bit ? 8 : [12, 14, 16, 10][index / 4 % 4]
    form.modality = index % 2 == 0 ? .dx : .cr
    return form
  }

  private static func withTables(_ index: Int) -> StoredForm {
    var form = StoredForm()
    form.bitsStored = [12, 14, 10, 16][index / 5 % 4]
    switch index % 5 {
    case 0: form.voi = .lut
    case 1: form.voi = .sigmoid
    case 2: form.voi = .linearExact
    case 3:
      form.modality = .cr
      form.modalityTransform = .rescale(slope: 0.25, intercept: -128)
    default:
      form.modality = .cr
      form.modalityTransform = .lut
    }
    return form
  }
}
