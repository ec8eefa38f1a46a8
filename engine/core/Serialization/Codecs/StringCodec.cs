namespace OrleansCache.Engine.Serialization;

internal sealed class StringCodec : ValueCodec<string>
{
    public override void Write(ref WireWriter writer, string? value) => writer.WriteString(value);

    public override string? Read(ref WireReader reader) => reader.ReadString();
}
