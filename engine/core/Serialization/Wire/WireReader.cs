using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>Reads one message. Whatever the bytes are, it ends with values or with a <see cref="SerializerException"/>, and allocates in proportion to them.</summary>
internal ref struct WireReader
{
    private readonly ReadOnlySpan<byte> _input;
    private int _position;
    private int _depth;
    private int _groups;
    private bool _hasHeader;
    private WireKind _kind;
    private ReadObjects _objects;

    public WireReader(ReadOnlySpan<byte> input)
    {
        _input = input;
    }

    /// <summary>Reads a sequence; one that lies in pieces is joined first, which is rare and cheaper than asking at each byte.</summary>
    public WireReader(in ReadOnlySequence<byte> input)
        : this(input.IsSingleSegment ? input.FirstSpan : input.ToArray())
    {
    }

    /// <summary>The number of bytes not read yet.</summary>
    public readonly int Remaining => _input.Length - _position;

    /// <summary>Reads what comes next in a group; at the end of it, leaves it.</summary>
    public WireMember ReadMember(out uint idDelta)
    {
        var header = ReadRawVarint();
        if (header >> 3 > uint.MaxValue)
            throw Malformed("a member's id is too large");
        idDelta = (uint)(header >> 3);
        _kind = (WireKind)(header & 7);
        if (_kind == WireKind.End)
        {
            if (idDelta != 0)
                return WireMember.NextLevel;
            _depth--;
            return WireMember.End;
        }

        _hasHeader = true;
        return WireMember.Value;
    }

    /// <summary>What the next value is. A codec calls it once per value.</summary>
    public WireKind ReadHeader()
    {
        if (_hasHeader)
        {
            _hasHeader = false;
            return _kind;
        }

        var kind = (WireKind)(ReadRawVarint() & 7);
        return kind == WireKind.End ? throw Malformed("a group ends where a value was expected") : kind;
    }

    /// <summary>What the next value is, without reading on.</summary>
    public WireKind PeekHeader()
    {
        _kind = ReadHeader();
        _hasHeader = true;
        return _kind;
    }

    /// <summary>Reads the header of a value that is of this kind or null; false for null.</summary>
    public bool ReadHeader(WireKind expected)
    {
        var kind = ReadHeader();
        if (kind == expected)
            return true;
        return kind == WireKind.Null ? false : throw Unexpected(expected, kind);
    }

    public ulong ReadVarint()
    {
        Expect(WireKind.Varint);
        return ReadRawVarint();
    }

    public long ReadSigned()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ulong ReadFixed64()
    {
        Expect(WireKind.Fixed64);
        return BinaryPrimitives.ReadUInt64LittleEndian(ReadRaw(sizeof(ulong)));
    }

    /// <summary>The bytes, valid as long as the input is.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(WireKind.Bytes);
        return ReadRawBytes();
    }

    public string? ReadString() => ReadHeader(WireKind.Bytes) ? ReadRawString() : null;

    /// <summary>Enters a group whose header was read, and returns its number; <see cref="ReadMember"/> or <see cref="EndGroup"/> leaves it.</summary>
    public int EnterGroup()
    {
        if (++_depth > WireWriter.MaxDepth)
            throw Malformed($"values nest deeper than {WireWriter.MaxDepth} levels");
        return _groups++;
    }

    /// <summary>
    /// Enters the group of an object that has an identity, for <see cref="Remember"/>. False when there is nothing to
    /// read: the value is null or an object that came before.
    /// </summary>
    public bool BeginObject<T>(out T? known, out int number)
        where T : class
    {
        known = null;
        number = -1;
        switch (ReadHeader())
        {
            case WireKind.Group:
                number = EnterGroup();
                return true;
            case WireKind.Null:
                return false;
            case WireKind.Reference:
                known = ReadReference<T>();
                return false;
            case var kind:
                throw Unexpected(WireKind.Group, kind);
        }
    }

    /// <summary>Skips what a newer version may have added to the group, and leaves it.</summary>
    public void EndGroup()
    {
        for (var next = ReadMember(out _); next != WireMember.End; next = ReadMember(out _))
        {
            if (next == WireMember.Value)
                Skip();
        }
    }

    /// <summary>Reads how many values follow, a bare number. Each takes a byte at least, so more than there are bytes is refused before anything is allocated.</summary>
    public int ReadCount()
    {
        var count = ReadRawVarint();
        return count <= (ulong)Remaining ? (int)count : throw Malformed($"a collection claims {count} elements in {Remaining} bytes");
    }

    /// <summary>The same inside a group, where even a count says its kind, so that the group can be skipped.</summary>
    public int ReadGroupCount()
    {
        Expect(WireKind.Varint);
        return ReadCount();
    }

    /// <summary>Skips one value of any kind.</summary>
    public void Skip()
    {
        switch (ReadHeader())
        {
            case WireKind.Varint:
            case WireKind.Reference:
                ReadRawVarint();
                break;
            case WireKind.Fixed64:
                ReadRaw(sizeof(ulong));
                break;
            case WireKind.Bytes:
                ReadRawBytes();
                break;
            case WireKind.Typed:
                ReadRawBytes();
                if (PeekHeader() == WireKind.Typed)
                    throw Malformed("a type's name is followed by another one");
                Skip();
                break;
            case WireKind.Group:
                EnterGroup();
                EndGroup();
                break;
        }
    }

    /// <summary>Remembers the object of a group, so that references to it can be read. As early as possible: its members may lead back to it.</summary>
    public void Remember(int number, object value) => _objects.Add(number, value);

    /// <summary>Reads the number of an object whose <see cref="WireKind.Reference"/> header was read, and returns that object.</summary>
    public T ReadReference<T>()
        where T : class
    {
        var number = ReadRawVarint();
        return _objects.Find(number) as T
            ?? throw Malformed($"object {number} is no {typeof(T)} that came before, or it was in a member that this version does not know");
    }

    public byte ReadRawByte() => ReadRaw(1)[0];

    public ulong ReadRawVarint()
    {
        if (_position < _input.Length && _input[_position] < 0x80)
            return _input[_position++];

        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = ReadRawByte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw Malformed("a number has more than 64 bits");
    }

    public string ReadRawString() => Encoding.UTF8.GetString(ReadRawBytes());

    /// <summary>A length and that many bytes.</summary>
    public ReadOnlySpan<byte> ReadRawBytes()
    {
        var length = ReadRawVarint();
        return length <= (ulong)Remaining ? ReadRaw((int)length) : throw Malformed($"{length} bytes are announced and {Remaining} there");
    }

    /// <summary>That many bytes, valid as long as the input is.</summary>
    public ReadOnlySpan<byte> ReadRaw(int length)
    {
        if (length > Remaining)
            throw Malformed($"it ends {length - Remaining} bytes too early");
        var bytes = _input.Slice(_position, length);
        _position += length;
        return bytes;
    }

    public readonly SerializerException Malformed(string what) => new($"The message is malformed before byte {_position} of {_input.Length}: {what}.");

    public readonly SerializerException Unexpected(WireKind expected, WireKind found) => Malformed($"a value of kind {expected} was expected and {found} found");

    private void Expect(WireKind expected)
    {
        var kind = ReadHeader();
        if (kind != expected)
            throw Unexpected(expected, kind);
    }
}
