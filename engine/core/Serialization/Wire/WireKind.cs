namespace OrleansCache.Engine.Serialization;

/// <summary>What follows a value's header; the low three bits of it. The rest of the header is the distance from the previous member's id.</summary>
internal enum WireKind : byte
{
    /// <summary>A variable-length integer.</summary>
    Varint = 0,

    /// <summary>Eight bytes, little endian.</summary>
    Fixed64 = 1,

    /// <summary>A length and that many bytes.</summary>
    Bytes = 2,

    /// <summary>Values up to an <see cref="End"/>.</summary>
    Group = 3,

    /// <summary>Nothing: null.</summary>
    Null = 4,

    /// <summary>The number of an object that came before in the same message.</summary>
    Reference = 5,

    /// <summary>A type's name (a length and UTF-8) and a value of that type.</summary>
    Typed = 6,

    /// <summary>Nothing: the end of a group.</summary>
    End = 7,
}
