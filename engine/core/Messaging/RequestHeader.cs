using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Messaging;

/// <summary>What a request says before its arguments.</summary>
internal readonly record struct RequestHeader(GrainId Target, uint InterfaceId, uint MethodId, int Hops, bool IsPlaced, bool IsOneWay, bool IsCancellable, bool IsAlwaysInterleave, TimeSpan Timeout)
{
    private const int Placed = 1;
    private const int OneWay = 2;
    private const int Cancellable = 4;
    private const int AlwaysInterleave = 8;

    public static void Write(ref WireWriter writer, Call call, MethodShape method, TimeSpan timeout) => Write(ref writer, call, method.InterfaceId, method.MethodId, timeout);

    public static void Write(ref WireWriter writer, Call call, uint interfaceId, uint methodId, TimeSpan timeout)
    {
        var flags = (call.IsPlaced ? Placed : 0) | (call.IsOneWay ? OneWay : 0) | (call.IsCancellable ? Cancellable : 0) | (call.IsAlwaysInterleave ? AlwaysInterleave : 0);
        writer.WriteRawVarint((ulong)flags);
        writer.WriteRawVarint((ulong)call.Hops);
        writer.WriteRawVarint((ulong)Math.Clamp(timeout.TotalMilliseconds, 0, uint.MaxValue));
        GrainIdCodec.WriteRaw(ref writer, call.Target);
        writer.WriteRawVarint(interfaceId);
        writer.WriteRawVarint(methodId);
    }

    public static RequestHeader Read(ref WireReader reader)
    {
        var flags = (int)reader.ReadRawVarint();
        var hops = (int)Math.Min(reader.ReadRawVarint(), int.MaxValue);
        var timeout = TimeSpan.FromMilliseconds(Math.Min(reader.ReadRawVarint(), uint.MaxValue));
        var target = GrainIdCodec.ReadRaw(ref reader);
        var interfaceId = (uint)reader.ReadRawVarint();
        var methodId = (uint)reader.ReadRawVarint();
        return new RequestHeader(target, interfaceId, methodId, hops, (flags & Placed) != 0, (flags & OneWay) != 0, (flags & Cancellable) != 0, (flags & AlwaysInterleave) != 0, timeout);
    }
}
