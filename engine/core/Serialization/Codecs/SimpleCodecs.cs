using System.Buffers.Binary;

namespace OrleansCache.Engine.Serialization;

/// <summary>The codecs of the framework's simple immutable types.</summary>
internal static class SimpleCodecs
{
    public static IEnumerable<IValueCodec> Create() =>
    [
        new DelegateCodec<bool>((ref w, v) => w.WriteVarint(v ? 1u : 0u), (ref r) => r.ReadVarint() != 0),
        new DelegateCodec<byte>((ref w, v) => w.WriteVarint(v), (ref r) => checked((byte)r.ReadVarint())),
        new DelegateCodec<sbyte>((ref w, v) => w.WriteSigned(v), (ref r) => checked((sbyte)r.ReadSigned())),
        new DelegateCodec<short>((ref w, v) => w.WriteSigned(v), (ref r) => checked((short)r.ReadSigned())),
        new DelegateCodec<ushort>((ref w, v) => w.WriteVarint(v), (ref r) => checked((ushort)r.ReadVarint())),
        new DelegateCodec<int>((ref w, v) => w.WriteSigned(v), (ref r) => checked((int)r.ReadSigned())),
        new DelegateCodec<uint>((ref w, v) => w.WriteVarint(v), (ref r) => checked((uint)r.ReadVarint())),
        new DelegateCodec<long>((ref w, v) => w.WriteSigned(v), (ref r) => r.ReadSigned()),
        new DelegateCodec<ulong>((ref w, v) => w.WriteVarint(v), (ref r) => r.ReadVarint()),
        new DelegateCodec<char>((ref w, v) => w.WriteVarint(v), (ref r) => checked((char)r.ReadVarint())),
        new DelegateCodec<float>(
            (ref w, v) => w.WriteVarint(BitConverter.SingleToUInt32Bits(v)),
            (ref r) => BitConverter.UInt32BitsToSingle(checked((uint)r.ReadVarint()))),
        new DelegateCodec<double>(
            (ref w, v) => w.WriteFixed64(BitConverter.DoubleToUInt64Bits(v)),
            (ref r) => BitConverter.UInt64BitsToDouble(r.ReadFixed64())),
        new DelegateCodec<decimal>(WriteDecimal, ReadDecimal),
        new StringCodec(),
        new DelegateCodec<Guid>(WriteGuid, (ref r) => new Guid(r.ReadBytes())),
        new DelegateCodec<DateTime>((ref w, v) => w.WriteFixed64((ulong)v.ToBinary()), (ref r) => DateTime.FromBinary((long)r.ReadFixed64())),
        new DelegateCodec<DateTimeOffset>(WriteDateTimeOffset, ReadDateTimeOffset),
        new DelegateCodec<TimeSpan>((ref w, v) => w.WriteSigned(v.Ticks), (ref r) => new TimeSpan(r.ReadSigned())),
        new DelegateCodec<DateOnly>((ref w, v) => w.WriteVarint((uint)v.DayNumber), (ref r) => DateOnly.FromDayNumber(checked((int)r.ReadVarint()))),
        new DelegateCodec<TimeOnly>((ref w, v) => w.WriteVarint((ulong)v.Ticks), (ref r) => new TimeOnly(checked((long)r.ReadVarint()))),
        new DelegateCodec<Uri>((ref w, v) => w.WriteString(v.OriginalString), (ref r) => new Uri(r.ReadString()!, UriKind.RelativeOrAbsolute)),
        new DelegateCodec<Version>((ref w, v) => w.WriteString(v.ToString()), (ref r) => Version.Parse(r.ReadString()!)),
        new ByteArrayCodec(),
        new ByteMemoryCodec(),
    ];

    private static void WriteGuid(ref WireWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        writer.WriteBytes(bytes);
    }

    private static void WriteDecimal(ref WireWriter writer, decimal value)
    {
        Span<int> words = stackalloc int[4];
        decimal.GetBits(value, words);
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * sizeof(int))..], words[i]);
        writer.WriteBytes(bytes);
    }

    private static decimal ReadDecimal(ref WireReader reader)
    {
        var bytes = Exactly(16, ref reader);
        Span<int> words = stackalloc int[4];
        for (var i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        return new decimal(words);
    }

    private static void WriteDateTimeOffset(ref WireWriter writer, DateTimeOffset value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + sizeof(short)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value.Ticks);
        BinaryPrimitives.WriteInt16LittleEndian(bytes[sizeof(long)..], (short)value.TotalOffsetMinutes);
        writer.WriteBytes(bytes);
    }

    private static DateTimeOffset ReadDateTimeOffset(ref WireReader reader)
    {
        var bytes = Exactly(sizeof(long) + sizeof(short), ref reader);
        var offset = BinaryPrimitives.ReadInt16LittleEndian(bytes[sizeof(long)..]);
        return new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(bytes), TimeSpan.FromMinutes(offset));
    }

    private static ReadOnlySpan<byte> Exactly(int length, ref WireReader reader)
    {
        var bytes = reader.ReadBytes();
        return bytes.Length == length ? bytes : throw reader.Malformed($"{length} bytes were expected and {bytes.Length} found");
    }
}
