internal import DICOMCore

/// The program as the SR identifies it: observer, algorithm and processing equipment say the same (IHE AIR 6.5.3.1).
struct ReportingDevice {
  let uid: UID
  let name: String
  let version: String
  /// Software has no serial number; the start of the weights' digest stands for one.
  let serialNumber: String

  init(software: TriageReport.Software, model: TriageReport.Model) {
    uid = model.deviceUID ?? ReportIdentity.deviceUID(software: software, model: model.digest)
    name = software.name
    version = software.version
    serialNumber = String(model.digest.description.dropFirst("sha256:".count).prefix(16))
  }
}

extension ReportingDevice {
  /// The device as observer: TID 1001, 1002 and 1004.
  var observerContext: [ContentItem] {
    [
      ContentItem(.hasObservationContext, StandardCode.observerType, .code(StandardCode.device)),
      ContentItem(.hasObservationContext, StandardCode.deviceObserverUID, .uid(uid)),
      .text(.hasObservationContext, StandardCode.deviceObserverName, name),
      .text(.hasObservationContext, StandardCode.deviceObserverManufacturer, Product.manufacturer),
      .text(.hasObservationContext, StandardCode.deviceObserverModelName, Product.modelName),
      .text(.hasObservationContext, StandardCode.deviceObserverSerialNumber, serialNumber),
    ]
  }
}
