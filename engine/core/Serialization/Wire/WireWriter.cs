using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>Writes one message into a buffer. <see cref="Flush"/> at the end makes the last bytes visible to the buffer's owner.</summary>
/// <remarks>
/// Methods named <c>WriteRaw…</c> write bare bytes, for a frame's own fields. The others write self-describing values, as
/// codecs do. Objects seen are remembered for the writer's life.
/// </remarks>
internal ref struct WireWriter
{
    /// <summary>How deep values may nest, so that neither side runs out of stack.</summary>
    internal const int MaxDepth = 64;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _used;
    private long _flushed;
    private uint _idDelta;
    private int _depth;
    private int _groups;
    private ObjectTable _objects;

    public WireWriter(IBufferWriter<byte> output)
    {
        _output = output;
    }

    /// <summary>The number of bytes written so far.</summary>
    public readonly long Length => _flushed + _used;

    /// <summary>Hands what was written to the buffer's owner. The writer may go on afterwards.</summary>
    public void Flush()
    {
        _output.Advance(_used);
        _flushed += _used;
        _used = 0;
        _span = default;
    }

    /// <summary>Gives the next value's header the distance of its id from the previous member's.</summary>
    public void NextId(uint idDelta) => _idDelta = idDelta;

    /// <summary>Begins a value. A codec calls it once per value, before the value's bytes.</summary>
    public void WriteHeader(WireKind kind)
    {
        var header = ((ulong)_idDelta << 3) | (byte)kind;
        _idDelta = 0;
        WriteRawVarint(header);
    }

    public void WriteNull() => WriteHeader(WireKind.Null);

    public void WriteVarint(ulong value)
    {
        WriteHeader(WireKind.Varint);
        WriteRawVarint(value);
    }

    /// <summary>Writes a signed number, small when it is near zero.</summary>
    public void WriteSigned(long value) => WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    public void WriteFixed64(ulong value)
    {
        WriteHeader(WireKind.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);
        _used += sizeof(ulong);
    }

    public void WriteBytes(scoped ReadOnlySpan<byte> value)
    {
        WriteHeader(WireKind.Bytes);
        WriteRawVarint((ulong)value.Length);
        WriteRaw(value);
    }

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteNull();
            return;
        }

        WriteHeader(WireKind.Bytes);
        WriteRawString(value);
    }

    /// <summary>Begins a group; <see cref="EndGroup"/> ends it.</summary>
    /// <exception cref="SerializerException">Values nest deeper than <see cref="MaxDepth"/>.</exception>
    public void BeginGroup()
    {
        WriteHeader(WireKind.Group);
        _groups++;
        if (++_depth > MaxDepth)
            throw new SerializerException($"The value nests deeper than {MaxDepth} levels. Send flatter data: lists instead of chains, and no cycle of immutable objects.");
    }

    /// <summary>
    /// Begins the group of an object that has an identity. False when the message holds it already: then its number was
    /// written instead, and nothing is left to do.
    /// </summary>
    public bool BeginObject(object value)
    {
        // Every group is numbered, so that a reader that skips some knows the numbers of the others.
        var number = _objects.Find(value, _groups);
        if (number < 0)
        {
            BeginGroup();
            return true;
        }

        WriteHeader(WireKind.Reference);
        WriteRawVarint((ulong)number);
        return false;
    }

    /// <summary>Goes from a base type's members to those of the type derived from it; ids begin at zero again.</summary>
    public void NextLevel()
    {
        _idDelta = 1;
        WriteHeader(WireKind.End);
    }

    public void EndGroup()
    {
        _depth--;
        WriteHeader(WireKind.End);
    }

    /// <summary>Begins a value of another type than the declared one; the value itself follows, written by its own codec.</summary>
    public void WriteTypeName(scoped ReadOnlySpan<byte> utf8Name)
    {
        WriteHeader(WireKind.Typed);
        WriteRawVarint((ulong)utf8Name.Length);
        WriteRaw(utf8Name);
    }

    public void WriteRawByte(byte value)
    {
        Reserve(1)[0] = value;
        _used++;
    }

    public void WriteRawVarint(ulong value)
    {
        var span = Reserve(10);
        if (value < 0x80)
        {
            span[0] = (byte)value;
            _used++;
            return;
        }

        var i = 0;
        while (value >= 0x80)
        {
            span[i++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[i++] = (byte)value;
        _used += i;
    }

    public void WriteRawString(string value)
    {
        // Short strings are measured and written in one pass: their length takes one byte, whatever it turns out to be.
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most < 0x80)
        {
            var span = Reserve(most + 1);
            var length = Encoding.UTF8.GetBytes(value, span[1..]);
            span[0] = (byte)length;
            _used += length + 1;
            return;
        }

        var count = Encoding.UTF8.GetByteCount(value);
        WriteRawVarint((ulong)count);
        Encoding.UTF8.GetBytes(value, Reserve(count));
        _used += count;
    }

    public void WriteRaw(scoped ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = Reserve(1);
            var n = Math.Min(room.Length, bytes.Length);
            bytes[..n].CopyTo(room);
            _used += n;
            bytes = bytes[n..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (_span.Length - _used < count)
            Grow(count);
        return _span[_used..];
    }

    private void Grow(int count)
    {
        Flush();
        _span = _output.GetSpan(Math.Max(count, 512));
    }
}
