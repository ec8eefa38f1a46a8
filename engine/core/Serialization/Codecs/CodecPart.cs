namespace OrleansCache.Engine.Serialization;

/// <summary>What a codec needs, and what it is there (<c>member Title of Book</c>), for messages.</summary>
internal readonly record struct CodecPart(CodecKey Key, string Role);
