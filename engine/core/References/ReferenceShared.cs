using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.References;

/// <summary>What all of a host's references of one interface have in common.</summary>
internal sealed record ReferenceShared(string InterfaceName, MethodShape[] Methods, CallSender Calls, ReferenceFactory Factory);
