using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Messaging;

internal sealed class GrainIdCodec : ValueCodec<GrainId>
{
    public static void WriteRaw(ref WireWriter writer, GrainId value)
    {
        var type = value.Type.AsSpan();
        var key = value.Key.AsSpan();
        writer.WriteRawVarint((ulong)type.Length);
        writer.WriteRaw(type);
        writer.WriteRawVarint((ulong)key.Length);
        writer.WriteRaw(key);
    }

    public static GrainId ReadRaw(ref WireReader reader)
    {
        var type = new GrainType(new IdSpan(reader.ReadRawBytes().ToArray()));
        return new GrainId(type, new IdSpan(reader.ReadRawBytes().ToArray()));
    }

    public override void Write(ref WireWriter writer, GrainId value)
    {
        writer.BeginGroup();
        writer.WriteBytes(value.Type.AsSpan());
        writer.WriteBytes(value.Key.AsSpan());
        writer.EndGroup();
    }

    public override GrainId Read(ref WireReader reader)
    {
        if (!reader.ReadHeader(WireKind.Group)) return default;
        reader.EnterGroup();
        var type = new GrainType(new IdSpan(reader.ReadBytes().ToArray()));
        var key = new IdSpan(reader.ReadBytes().ToArray());
        reader.EndGroup();
        return new GrainId(type, key);
    }
}
