using System.Text;

namespace Orleans.Runtime;

/// <summary>The bytes of an identity, usually UTF-8 text, with their hash.</summary>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly byte[]? _bytes;
    private readonly int _hash;

    /// <summary>Wraps bytes, which must not be changed afterwards.</summary>
    /// <param name="value">The bytes.</param>
    public IdSpan(byte[] value)
    {
        _bytes = value;
        _hash = OrleansCache.Engine.StableHash.Compute(value);
    }

    /// <summary>True for the identity that names nothing.</summary>
    public bool IsDefault => _bytes is null || _bytes.Length == 0;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Value => _bytes;

    /// <summary>Makes an identity of text.</summary>
    /// <param name="id">The text.</param>
    public static IdSpan Create(string id) => new(Encoding.UTF8.GetBytes(id));

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> AsSpan() => _bytes;

    /// <summary>A hash that is the same in every process.</summary>
    public uint GetUniformHashCode() => unchecked((uint)_hash);

    /// <inheritdoc/>
    public bool Equals(IdSpan obj) =>
        ReferenceEquals(_bytes, obj._bytes) || (_hash == obj._hash && _bytes is not null && obj._bytes is not null && _bytes.AsSpan().SequenceEqual(obj._bytes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public int CompareTo(IdSpan other) => AsSpan().SequenceCompareTo(other.AsSpan());

    /// <inheritdoc/>
    public override string ToString() => _bytes is null ? string.Empty : Encoding.UTF8.GetString(_bytes);

    /// <summary>Tells whether two identities are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    /// <summary>Tells whether two identities differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);
}
