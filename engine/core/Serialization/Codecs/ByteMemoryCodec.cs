namespace OrleansCache.Engine.Serialization;

/// <summary>Read-only memory is copied within a silo too: whoever owns what is behind it may reuse it.</summary>
internal sealed class ByteMemoryCodec : ValueCodec<ReadOnlyMemory<byte>>
{
    public override bool IsImmutable => false;

    public override void Write(ref WireWriter writer, ReadOnlyMemory<byte> value) => writer.WriteBytes(value.Span);

    public override ReadOnlyMemory<byte> Read(ref WireReader reader) => reader.ReadBytes().ToArray();

    public override ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> value, ref CopyContext context) => value.ToArray();
}
