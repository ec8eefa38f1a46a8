namespace OrleansCache.Engine.Serialization;

/// <summary>A type's name on the wire (UTF-8) and the codec of values of exactly that type.</summary>
internal sealed record TypedCodec(byte[] Name, IValueCodec Codec);
