namespace OrleansCache.Engine.Serialization;

/// <summary>Which codec: that of a declared type, whose values may be of derived types, or that of values of exactly this type.</summary>
internal readonly record struct CodecKey(Type Type, bool Exact = false);
