namespace OrleansCache.Engine.Serialization;

/// <summary>Byte arrays travel as they are. They have no identity of their own: an array met twice arrives as two.</summary>
internal sealed class ByteArrayCodec : ValueCodec<byte[]>
{
    public override bool IsImmutable => false;

    public override void Write(ref WireWriter writer, byte[]? value)
    {
        if (value is null)
            writer.WriteNull();
        else
            writer.WriteBytes(value);
    }

    public override byte[]? Read(ref WireReader reader) => reader.ReadHeader(WireKind.Bytes) ? reader.ReadRawBytes().ToArray() : null;

    public override byte[]? Copy(byte[]? value, ref CopyContext context) => value?.AsSpan().ToArray();
}
