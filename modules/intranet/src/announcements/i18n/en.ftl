permission-manage_announcements = Change, schedule, pin and remove announcements, and see who has read them

noun-announcement = announcement
