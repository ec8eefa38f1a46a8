using System.Reflection;

namespace OrleansCache.Engine.Serialization;

/// <summary>A member that is sent.</summary>
/// <param name="WireId">Its id on the wire; see <see cref="ObjectModel"/>.</param>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Type">Its declared type.</param>
/// <param name="Read">The field or property that its value is taken from.</param>
/// <param name="Write">The field or property that its value is put into.</param>
/// <param name="IsImmutable">Whether its value is shared instead of copied.</param>
internal sealed record MemberModel(uint WireId, string Name, Type Type, MemberInfo Read, MemberInfo Write, bool IsImmutable);
