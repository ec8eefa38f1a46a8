using System.Buffers;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Internals.Tests;

/// <summary>Writes and reads single values, as a call does with an argument.</summary>
internal static class Wire
{
    public static WireSerializer NewSerializer() => new(new FakeReferences());

    public static byte[] Write<T>(WireSerializer serializer, T? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(buffer);
        serializer.GetCodec<T>().Write(ref writer, value);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads one value, and fails unless it takes all bytes.</summary>
    public static T? Read<T>(WireSerializer serializer, ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var value = serializer.GetCodec<T>().Read(ref reader);
        Assert.Equal(0, reader.Remaining);
        return value;
    }

    public static T? RoundTrip<T>(WireSerializer serializer, T? value) => Read<T>(serializer, Write(serializer, value));

    public static Exception RoundTripException(WireSerializer serializer, Exception exception)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(buffer);
        serializer.WriteException(ref writer, exception);
        writer.Flush();
        var reader = new WireReader(buffer.WrittenSpan);
        return serializer.ReadException(ref reader);
    }
}
