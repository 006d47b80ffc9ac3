import PhantomStudies
import Testing

struct ChestDrawingTests {
  @Test("The drawn heart is as wide as the cardiothoracic ratio says", arguments: [Float(0.40), 0.48, 0.57, 0.66])
  func cardiothoracicRatio(ratio: Float) throws {
    let parameters = ChestPhantoms.with { $0.anatomy.cardiothoracicRatio = ratio }
    let drawing = ChestDrawing(parameters)
    let columns = try #require(drawing.heart.occupiedColumns)
    let width = Float(columns.count) * parameters.projection.pixelSpacing
    let measured = width / (2 * parameters.anatomy.thoraxHalfWidth)
    #expect(abs(measured - ratio) < 0.015)
    #expect((drawing.masks[.cardiomegaly] != nil) == (ratio > ChestParameters.cardiomegalyLimit))
  }

  @Test("Free air is darker than the lung it displaced, and lies on its side", arguments: Side.allCases)
  func pneumothorax(side: Side) throws {
    let parameters = ChestPhantoms.with {
      $0.pneumothorax = Pneumothorax(side: side, apicalGap: 30, lateralGap: 20)
    }
    let mask = try #require(ChestDrawing(parameters).masks[.pneumothorax])
    let columns = try #require(mask.occupiedColumns)
    #expect(side == .right ? columns.upperBound < 120 : columns.lowerBound >= 120)
    let collapsed = ChestRadiograph(parameters).display.mean(where: mask)
    let healthy = ChestRadiograph(ChestPhantoms.plain).display.mean(where: mask)
    #expect(collapsed < healthy - 0.02)
  }

  @Test("An effusion takes the air out of the costophrenic angle of its side only", arguments: Side.allCases)
  func effusion(side: Side) throws {
    let parameters = ChestPhantoms.with { $0.effusions = [PleuralEffusion(side: side, height: 60)] }
    let (with, without) = (ChestDrawing(parameters), ChestDrawing(ChestPhantoms.plain))
    // Just above the angle, 14 mm inside the chest wall.
    let drop = side == .left ? parameters.anatomy.leftDomeDrop : 0
    let x = (parameters.anatomy.thoraxHalfWidth - 14) * (side == .right ? -1 : 1)
    let angle = parameters.pixel(x: x, y: parameters.anatomy.domeY + drop + 18)
    #expect(without.air[row: angle.row, column: angle.column] > 15)
    #expect(with.air[row: angle.row, column: angle.column] < 1)
    let mirrored = parameters.pixel(x: -x, y: parameters.anatomy.domeY + 18)
    #expect(
      with.air[row: mirrored.row, column: mirrored.column] == without.air[row: mirrored.row, column: mirrored.column])
  }

  @Test("A larger effusion covers more of the chest")
  func effusionGrows() throws {
    let areas = try [Float(35), 60, 100].map { height in
      let drawing = ChestDrawing(ChestPhantoms.with { $0.effusions = [PleuralEffusion(side: .left, height: height)] })
      return try #require(drawing.masks[.pleuralEffusion]).values.reduce(0, +)
    }
    #expect(areas[0] < areas[1] && areas[1] < areas[2])
  }

  @Test("A nodule is a bright disc of its diameter")
  func nodule() throws {
    let nodule = LungNodule(side: .left, zone: .mid, x: 85, y: -30, radius: 12)
    let parameters = ChestPhantoms.with { $0.nodules = [nodule] }
    let drawing = ChestDrawing(parameters)
    let mask = try #require(drawing.masks[.lungNodule])
    let columns = try #require(mask.occupiedColumns)
    #expect(abs(Float(columns.count) * 1.7 - 24) < 3.5)
    #expect(columns.contains(parameters.pixel(x: 85, y: -30).column))
    let healthy = ChestDrawing(ChestPhantoms.plain).attenuation.mean(where: mask)
    #expect(drawing.attenuation.mean(where: mask) > healthy + 0.15)
  }

  @Test("Consolidation takes up to its density of the air")
  func consolidation() throws {
    let region = Consolidation(side: .right, zone: .upper, x: -70, y: -65, radius: 36, density: 0.8)
    let parameters = ChestPhantoms.with { $0.consolidations = [region] }
    let drawing = ChestDrawing(parameters)
    let mask = try #require(drawing.masks[.consolidation])
    let healthy = ChestDrawing(ChestPhantoms.plain)
    let share = drawing.air.mean(where: mask) / healthy.air.mean(where: mask)
    #expect((0.1...0.6).contains(share))
  }

  @Test("Every device is denser than the body around it", arguments: SupportDevice.allCases)
  func devices(device: SupportDevice) throws {
    let parameters = ChestPhantoms.with { $0.devices = [device] }
    let drawing = ChestDrawing(parameters)
    let mask = try #require(drawing.masks[.supportDevices])
    let bare = ChestDrawing(ChestPhantoms.plain)
    let brighter = mask.values.indices.filter { mask.values[$0] > 0.5 }
    #expect(brighter.count > 100)
    #expect(brighter.allSatisfy { drawing.attenuation.values[$0] > bare.attenuation.values[$0] + 0.1 })
  }

  @Test("A healthy chest has no finding and no mask; lungs are dark, the mediastinum is bright, outside is black")
  func healthyChest() {
    let parameters = ChestPhantoms.plain
    let radiograph = ChestRadiograph(parameters)
    #expect(parameters.findings.isEmpty)
    #expect(radiograph.drawing.masks.isEmpty)
    let display = radiograph.display
    func level(_ x: Float, _ y: Float) -> Float {
      let place = parameters.pixel(x: x, y: y)
      return display[row: place.row, column: place.column]
    }
    let (lung, mediastinum, liver, outside) = (level(75, -60), level(0, 20), level(-70, 150), level(-195, 40))
    #expect(outside < 0.05)
    #expect(lung < 0.5)
    #expect(mediastinum > lung + 0.3)
    #expect(liver > lung + 0.3)
  }
}
