using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Messaging;

internal sealed class SiloAddressCodec : ValueCodec<SiloAddress>
{
    public override void Write(ref WireWriter writer, SiloAddress? value) => writer.WriteString(value?.ToParsableString());

    public override SiloAddress? Read(ref WireReader reader) => reader.ReadString() is { } text ? SiloAddress.FromParsableString(text) : null;
}
